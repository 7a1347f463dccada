"""A PgBouncer in transaction mode before a server of the tests' own.

    with postgresql.Server() as server, pgbouncer.Pooler(server) as pooler:
        pooler.url
"""
import pathlib
import os
import shutil
import subprocess
import tempfile

import postgresql
import servers
import suite


class Pooler:
    def __init__(self, server):
        self.program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
        if not os.access(self.program, os.X_OK):
            raise suite.Skip("PgBouncer is not installed (Debian: pgbouncer)")
        self.server = server

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="nuages-pgbouncer-"))
        self.port = postgresql.free_port()
        (self.folder / "pgbouncer.ini").write_text(
            f"[databases]\n* = host=127.0.0.1 port={self.server.port} user=postgres\n"
            f"[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {self.port}\nauth_type = any\n"
            f"pool_mode = transaction\ndefault_pool_size = 3\nunix_socket_dir =\nmax_client_conn = 200\n")
        if self.server.account:
            os.chmod(self.folder, 0o755)
        self.log = open(self.folder / "log", "w")
        self.process = subprocess.Popen([self.program, str(self.folder / "pgbouncer.ini")], cwd="/",
                                        preexec_fn=self.server.as_account(), stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)
        try:
            servers.wait_for(self.answers, "answer of PgBouncer")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def answers(self):
        assert self.process.poll() is None, f"PgBouncer ended:\n{(self.folder / 'log').read_text()}"
        return subprocess.run([self.server.bin / "pg_isready", "-q", "-h", "127.0.0.1", "-p",
                               str(self.port)]).returncode == 0

    @property
    def url(self):
        return self.server.address(port=self.port)
