date.fromisoformat('x')
