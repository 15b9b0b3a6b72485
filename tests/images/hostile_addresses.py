"""Addresses that would lead a careless client into the network it stands in."""

from __future__ import annotations

INSIDE = (
    *("127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001"),
    *("0177.0.0.1", "127.000.000.001", "0.0.0.0", "0", "10.0.0.1", "10.255.255.255", "172.16.0.1"),
    *("192.168.0.1", "169.254.169.254", "100.64.0.1", "198.18.0.1", "224.0.0.1", "240.0.0.1"),
    *("255.255.255.255", "192.0.0.8", "2852039166", "0xA9FEA9FE", "[::]", "[::1]"),
    *("[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[fe80::1]", "[fc00::1]"),
    *("[fd00:ec2::254]", "[ff02::1]", "[2002:7f00:1::]", "[64:ff9b::7f00:1]", "[2001::1]"),
    *("127。0。0。1", "①②⑦.⓪.⓪.①", "１２７.０.０.１", "127.0.0.1.", "localhost", "LOCALHOST"),
    *("localhost.", "db", "intranet"),
)
"""Hosts, each behind http:// and https://."""

ADDRESSES = (
    *(f"http://{host}/a.jpg" for host in INSIDE),
    *("http://pictures.example:22/", "http://pictures.example:8080/a.jpg"),
    *("https://pictures.example:80/a.jpg", "http://pictures.example:443/a.jpg"),
    *("file:///etc/passwd", "gopher://pictures.example/_x", "ftp://pictures.example/a.jpg"),
    *("dict://pictures.example:11211/stat", "data:image/png;base64,AAAA", "//pictures.example/a"),
    *("http://user:word@pictures.example/a.jpg", "http://pictures.example\\@127.0.0.1/a.jpg"),
    *("http://127.0.0.1\t.example/", "http:///a.jpg", "http:/\\127.0.0.1/a.jpg"),
    *("http://[::1%25eth0]/a.jpg", "http://[::1/a.jpg", "jar:http://pictures.example/a!/"),
)
"""Addresses that nobody may connect for."""
REDIRECTS = tuple(
    one for one in ADDRESSES if one.isascii() and "\t" not in one and one != "http:///a.jpg"
)
"""The same, where a public host leads to them."""
RESOLVED: tuple[list[str], ...] = (
    *(["127.0.0.1"], ["10.1.2.3"], ["169.254.169.254"], ["::1"], ["fe80::1%eth0"]),
    *(["::ffff:10.0.0.1"], ["93.184.216.34", "127.0.0.1"], ["0.0.0.0"], []),
    *(["2002:a00:1::"], ["64:ff9b::a00:1"]),
)
"""What a public name may resolve to."""
