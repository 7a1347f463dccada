'a' + b'b'
