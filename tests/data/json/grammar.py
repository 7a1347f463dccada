#!/usr/bin/env python3
"""Write grammar.txt: texts that every reader of JSON must accept, and texts that it must refuse.

    tests/data/json/grammar.py > tests/data/json/grammar.txt

A line: + or -, the rule of RFC 8259 that it is about, the text. What JSONTestSuite asks for is all
here, each of its kinds in our own words: its 95 files that must be accepted and its 188 that must be
refused differ in nothing else. Structures of a hundred thousand levels are made in test_json.c.
"""
NOISE = [b"\xff", b"\xe5", b"\x81"]  # a lead byte alone, one cut short, a continuation alone

ACCEPTED = {
    "white space": [b" [7]", b"[8] ", b"[ 9]", b"[9\n]", b"[[]   ]", b" [] ", b'["k"]\n', b'{\n"k": "v"\n}', b'[ "word"]',
                    b"\t[\r\n]", b"[1,\n\n2]", b'{ "k" :\t1 , "l":2 }'],
    "a value alone": [b"51", b"-0.5", b'"word"', b'" "', b'""', b"true", b"false", b"null", b"{}", b"[]", b"0", b"-7"],
    "array": [b'[""]', b"[true]", b"[false]", b"[null]", b'[null, 3, "3", {}]', b"[6,null,null,null,8]", b"[[[]],[]]", b"[{}]"],
    "object": [b'{"k":"v", "l":"w"}', b'{"k":"v"}', b'{"k":[]}', b'{"":0}', b'{"k":"v","k":"w"}', b'{"k":"v","k":"v"}',
               b'{"one\\u0000two": 12}', b'{"least": -3.0e+28, "most": 3.0e+28}', b'{"\\u0414\\u0430": "\\u043d\\u0435\\u0442"}',
               b'{"list":[{"id": "' + b"z" * 40 + b'"}], "id": "' + b"z" * 40 + b'"}'],
    "number": [b"[%s]" % text for text in (
        b"-0", b"0", b"-1", b"-456", b"456", b"456.75", b"0e1", b"0e+1", b"30e1", b"1E22", b"1E-2", b"1E+2", b"1e-2", b"1e+2",
        b"45e67", b"45e12", b"45.25e67", b"-0.0", b"-0." + b"0" * 77 + b"1", b"0.1", b"1.0", b"12345678901234567")],
    "escape": [b'["%s"]' % text for text in (
        b"\\u0061", b"\\u00e9\\u12ab", b"\\u0061\\u30bf\\u30D4", b'\\"\\\\\\/\\b\\f\\n\\r\\t', b"\\\\u0000", b"\\\\b", b"\\\\n", b'\\"',
        b"\\u0013", b"\\u0000", b"\\u000A", b"\\u00A0", b"\\u0022", b"\\u005C", b"\\u002c", b"\\u0124", b"\\u0823", b"\\uA66E",
        b"\\u200B", b"\\u2064")],
    "pair of surrogates": [b'["%s"]' % text for text in (
        b"\\uD801\\udc38", b"\\ud83d\\ude3a\\ud83d\\udc8e", b"\\uD834\\uDd1f", b"\\uDBFF\\uDFFF", b"\\uDBFF\\uDFFE", b"\\uD83F\\uDFFE")],
    "noncharacter": [b'["%s"]' % text for text in (
        b"\\uFFFF", b"\\uFFFE", b"\\uFDD0", "\uffff".encode(), "\U0010ffff".encode(), "\U0001bffe".encode())],
    "text as it is": [b'["%s"]' % text for text in (
        "τ".encode(), "€𝄢".encode(), "⍃㈵⍃".encode(), "\u2028".encode(), "\u2029".encode(), b"\x7f", b"b\x7fb", b"word ",
        b"x/*y*/z/*w//v")],
}

REFUSED = {
    "nothing": [b"", b" ", b"\n", "\ufeff".encode(), b"\xef\xbb{}", *NOISE, "é".encode(), "bé".encode()],
    "word": [b"[%s]" % text for text in (
        b"tru", b"fals", b"nul", b"True", b"FALSE", b"Null", b"truth", b"x", b"NaN", b"-NaN", b"Inf", b"+Inf", b"-Inf", b"Infinity",
        b"-Infinity", b"undefined", b"<null>", b"*", b"'word'", b"\\n")] + [
        b"word", b"<.>", b"*", b"[ true, fals", b"[ false, tru", b"[ true, nul"],
    "number": [b"[%s]" % text for text in (
        b"+2", b"++345", b"-02", b"023", b"-023", b"00", b"-", b"- 2", b"-word", b"-.45", b".45", b".-2", b".3e-4", b"-3.", b"1.",
        b"-2.0.", b"0.1.3", b"0.e2", b"3.e4", b"3.e+4", b"3.e-4", b"8.e+", b"0e", b"0e+", b"0E", b"0E+", b"0.4e", b"0.4e+", b"2.0e",
        b"2.0e+", b"2.0e-", b"2eE3", b"2eb", b"0e+-2", b"0x2", b"0x53", b"2+3", b"2 000.0", b"1_000", b"2.3b-4", b"-2y",
        b"-45.45word", b"1.9H-307", b"--2", b"2,", "１".encode(), b"123\0", *(n + c for n in (b"5", b"56", b"5e", b"5e2") for c in NOISE))] + [
        b"456\0", b"3@", b"1]", b"-"],
    "array": [b"[3 true]", b'["": 3]', b'["k"],', b'["k",,]', b'["k"]]', b'["k",]', b'["k"', b"[x", b"[4[5]]", b'[   , ""]', b"[,",
              b"[,3]", b"[4,]", b"[4,,]", b"[", b"[1,", b'["k",\n5\n,2,', b"[2,\n2\n,2", b"[{}", b"[3]y", b"[][]", b'["k', b"['",
              b'["k"\x0b]', b'["k"\\f]', b"[1}", b"[{", b'[""'] + [b"[%s]" % c for c in NOISE] + [b"[b%s]" % c for c in NOISE],
    "object": [b"{", b"{]", b"{,", b"{[", b'{"k', b"{'k'", b'{"k"', b'{"k":', b'{"k":"l', b'{"k":"v"', b'{"k": true,', b'{[: "k"}\n',
               b'{"k", null}', b'{"k"::"v"}', b'{"k":"v" 45}', b"{key: 'value'}", b'{"k" v}', b'{:"v"}', b'{"k" "v"}', b"{2:2}",
               b"{8888E8888:2}", b"{null:null,null:null}", b'{"k":0,,,,,}', b"{'k':0}", b'{"k":0,}', b'{"k":"v",,"l":"w"}', b'{k: "v"}',
               b'{ "k" : "v", "l" }', b'{"k":"v"}#', b'{"k":"v"}#{}', b"{}}", b'{"k": true} "x"', "{🇩🇰}".encode(), b"{true:1}", b"{{}:1}",
               b'{"k":1]', b'["k", truth]'] + [b'{"%s":"0",}' % c for c in NOISE],
    "comment": [b'{"k":"v"}/**/', b'{"k":"v"}/**//', b'{"k":"v"}//', b'{"k":"v"}/', b'{"k":/*no*/"v"}', b"[1] # no", b"// no\n1"],
    "escape": [b'["%s"]' % text for text in (
        b"\\x01", b"\\b\\", b"\\\\\\", b"\\a", b"\\'", "\\🌁".encode(), b"\\u", b"\\u1", b"\\u00B", b"\\uwwww", b"\\u00G0", b"\\U0041",
        b"\\\t", b"\\\0", b"\\ ", *(b"\\" + c for c in NOISE), *(b"\\u" + c for c in NOISE))] + [
        b'["\\', b'"\\U0041"', b'[\\u0020"word"]', b'[\\u000A""]', b'["\\{["\\{["\\{'],
    "surrogate": [b'["%s"]' % text for text in (
        b"\\uD801\\", b"\\uD801\\u", b"\\uD801\\u2", b"\\uD801\\u2y", b"\\uD835\\uDd", b"\\uD801\\uD801\\y")],
    "string": [b'"a', b'"', b'""y', b'["word]', b'["a\0b"]', b'["a\nb"]', b'["\t"]', b'["\x1f"]', b'["a\rb"]', b"'word'", b'["a" "b"]'],
    "white space": [b"[\x0c]", b"[\x0b1]", b"[\0]", b"\0", "[\u2060]".encode(), "[\u00a0]".encode(), "\u2028[]".encode(), "[]\ufeff".encode()],
}


def cell(text):
    return "".join(chr(b) if 0x20 <= b < 0x7F and b != 0x5C else f"\\x{b:02x}" for b in text).replace("\\x5c", "\\\\")


print("# Written by grammar.py.")
for sign, rules in ("+", ACCEPTED), ("-", REFUSED):
    for rule, texts in rules.items():
        for text in dict.fromkeys(texts):
            print(f"{sign}\t{rule}\t{cell(text)}")
