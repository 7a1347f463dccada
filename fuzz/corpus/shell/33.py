1.5 * Decimal('1')
