from functools import reduce
import operator
reduce(operator.or_, [{1}, {2}])
