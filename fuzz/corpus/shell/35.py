datetime.strptime('x', '%Y')
