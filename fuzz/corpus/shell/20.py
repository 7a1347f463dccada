sum('ab')
