try:
    raise ValueError
except ValueError as e:
    r = (repr(e), str(e), e.args)
r
