x: int = 5; x
