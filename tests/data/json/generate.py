#!/usr/bin/env python3
"""Write cases.txt: JSON texts, and what a strict reader makes of them.

    tests/data/json/generate.py > tests/data/json/cases.txt

A line: + and the text as json.dumps() writes it again, or - and the error in Python's words; then
the text. Where we are stricter than Python (NaN, lone surrogates, numbers past a double's range,
bytes that are no UTF-8) the error is given here.
"""
import json

ACCEPTED = r"""
null|true|false|0|-0|7|-7|10|123456789|1.5|-1.5|0.0|-0.0|1e3|1E3|1e+3|1e-3|1.25E-2|0e5|0.5e10
9223372036854775807|9223372036854775808|18446744073709551615|-9223372036854775808
2.5e-324|1.7976931348623157e308|1e-400
""|"a"|"a b"|"\""|"\\"|"\/"|"\b\f\n\r\t"|"\u0041"|"\u00e9"|"\u20ac"|"\ud83d\ude00"|"\u0000"|"\uFFFF"
"é"|"€"|"😀"|"a\u0301"|"/"|"'"|"<&>"
[]|[ ]|[1]|[1,2]|[1, 2 ,3]|[[]]|[[],[]]|[[[[1]]]]|[null,true,false]|["a",1,null,{}]
{}|{ }|{"a":1}|{"a" : 1}|{"a":1,"b":2}|{"":0}|{"a":{"b":{"c":[]}}}|{"a":[{"b":1},{"c":2}]}
{"a":1,"a":2}|{"a":1,"b":2,"a":3}|{"\u0061":1}|{"é":"è"}
"""
SPACED = [" 1", "1 ", "\n[\t1\r\n,\n2 ]\n", ' {\n"a" :\t1 }', " null "]
REFUSED = r"""
|nul|nulL|True|None|undefined|tru|truth|nan|infinity|+1|01|-01|-|-a|.5|1.|1.e5|1e|1e+|1e-|0x10|1_000|1,2|1 2|--1|1.2.3|00
'a'|"a|"|"\|"\x41"|"\a"|"\u12"|"\u123g"|"\U0041"|"\u"|"a"b|"a" "b"|a|"\ "
[|]|[1|[1,|[1,]|[,1]|[,]|[1,,2]|[1 2]|[1:2]|[1}|[1]]|[1],|["a|[]{}|[[]|[tru]|[1,2,|[-]|[1.]|[*]
{|}|{a:1}|{'a':1}|{1:2}|{"a"|{"a"}|{"a":|{"a":}|{"a",1}|{"a" 1}|{"a":1|{"a":1,|{"a":1,}|{,}|{"a":1,,"b":2}|{"a":1 "b":2}|{"a":1]|{"a":1}}|{null:1}|{[]:1}|{"a":1 , }|{"a"::1}
// x|/* x */ 1|[1] // x|#|<null>|é|[é]|[1,é]
"""
CONTROL = ['"\t"', '"a\nb"', '"\0"', '"\x1f"', '["a\rb"]', "[1\0]", "\0", "\f[1]", "[1]\x0b", "\u00a01", "\u20281"]
OURS = [
    ("NaN", "Expecting value: line 1 column 1 (char 0)"),
    ("Infinity", "Expecting value: line 1 column 1 (char 0)"),
    ("[-Infinity]", "Expecting value: line 1 column 2 (char 1)"),
    ("1e400", "Number out of range: line 1 column 1 (char 0)"),
    ("[1, -1e999]", "Number out of range: line 1 column 5 (char 4)"),
    (r'"\ud800"', "Lone surrogate: line 1 column 2 (char 1)"),
    (r'"\udc00"', "Lone surrogate: line 1 column 2 (char 1)"),
    (r'"a\ud800b"', "Lone surrogate: line 1 column 3 (char 2)"),
    (r'"\ud800\ud800"', "Lone surrogate: line 1 column 2 (char 1)"),
    (r'"\ud800A"', "Lone surrogate: line 1 column 2 (char 1)"),
    (r'"\ud800\n"', "Lone surrogate: line 1 column 2 (char 1)"),
    ("\ufeff{}", "Expecting value: line 1 column 1 (char 0)"),
    ("99999999999999999999", None),
    ("-9223372036854775809", None),
]
BYTES = [b'"\xff"', b'"\xc3"', b'"\xe2\x82"', b'"\xed\xa0\x80"', b'"\xc0\xaf"', b'"\xf4\x90\x80\x80"', b'"a\x80b"']


def cell(text):
    data = text if isinstance(text, bytes) else text.encode()
    return "".join(chr(b) if 0x20 <= b < 0x7F and b != 0x5C else f"\\x{b:02x}" for b in data).replace(
        "\\x5c", "\\\\")


def row(sign, result, text):
    print(f"{sign}\t{cell(result)}\t{cell(text)}")


def words(block):
    return [word for line in block.strip("\n").split("\n") for word in line.split("|")]


print("# Written by generate.py.")
for text in words(ACCEPTED) + SPACED:
    row("+", json.dumps(json.loads(text)), text)
for text in words(REFUSED) + CONTROL:
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        row("-", str(error), text)
    else:
        raise AssertionError(text)
for text, error in OURS:
    row("-" if error else "+", error or json.dumps(float(text)), text)
for text in BYTES:
    column = text.index(next(b for b in text if b >= 0x80)) + 1
    row("-", f"Invalid UTF-8: line 1 column {column} (char {column - 1})", text)
