"""Certificates of the tests' own: an authority, a server's, a client's, and an authority that nobody knows.

    with certificates.Folder(owner) as made:
        made.ca, made.cert, made.key             of the server "localhost" (not of 127.0.0.1)
        made.client_cert, made.client_key        of the user "certified"
        made.other_ca                            has signed none of them
"""
import os
import pathlib
import shutil
import subprocess
import tempfile

DAYS = ("-days", "2")


def openssl(*arguments):
    done = subprocess.run(["openssl", *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert not done.returncode, done.stderr


class Folder:
    """`owner`: the account (of pwd) that may read the server's key; None: our own."""

    def __init__(self, owner=None):
        self.owner = owner

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="nuages-certificates-"))
        self.path.chmod(0o755)
        self.ca = self.authority("ca")
        self.other_ca = self.authority("other")
        self.cert, self.key = self.signed("server", "localhost", "DNS:localhost")
        self.client_cert, self.client_key = self.signed("client", "certified", "DNS:certified")
        if self.owner:
            os.chown(self.key, self.owner.pw_uid, self.owner.pw_gid)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def new_key(self, name):
        key = self.path / f"{name}.key"
        openssl("ecparam", "-genkey", "-name", "prime256v1", "-out", key)
        key.chmod(0o600)
        return key

    def authority(self, name):
        cert = self.path / f"{name}.crt"
        openssl("req", "-x509", "-new", "-key", self.new_key(name), *DAYS, "-subj", f"/CN=authority {name}", "-out", cert)
        return cert

    def signed(self, name, subject, alternative):
        key, request, cert = self.new_key(name), self.path / f"{name}.csr", self.path / f"{name}.crt"
        (self.path / f"{name}.ext").write_text(f"subjectAltName = {alternative}\n")
        openssl("req", "-new", "-key", key, "-subj", f"/CN={subject}", "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", self.path / "ca.key", "-CAcreateserial",
                *DAYS, "-extfile", self.path / f"{name}.ext", "-out", cert)
        return cert, key
