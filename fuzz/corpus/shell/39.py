format(None, '')
