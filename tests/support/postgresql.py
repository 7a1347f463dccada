"""A PostgreSQL server of the tests' own: made in a temporary directory, on a Unix socket and a free
loopback port, gone when the test ends, however it ends.

    with postgresql.Server() as server:
        server.url                         postgres://postgres@127.0.0.1:PORT/nuages
        server.sql("CREATE EXTENSION …")   what psql prints
        server.kill(); server.start()      as after a crash

    with postgresql.Standby(server) as standby:    a copy that follows it
        standby.catch_up()                         until it has all that was written there
        standby.pause(); standby.resume()          it lags behind meanwhile
        standby.promote()                          it is the primary now
"""
import glob
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import servers  # noqa: E402
import suite  # noqa: E402

SETTINGS = """
listen_addresses = '127.0.0.1'
fsync = off
full_page_writes = off
shared_buffers = 32MB
max_connections = 100
deadlock_timeout = 100ms
autovacuum = off
log_min_messages = fatal
timezone = 'UTC'
"""


def programs():
    """The folder of initdb and postgres: Debian keeps them out of PATH."""
    for folder in sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True):
        if os.access(f"{folder}/initdb", os.X_OK):
            return pathlib.Path(folder)
    found = shutil.which("initdb")
    if not found:
        raise suite.Skip("PostgreSQL's server is not installed (Debian: postgresql)")
    return pathlib.Path(found).parent


def account():
    """Who the server runs as: it refuses root."""
    if os.getuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise suite.Skip("no account to run PostgreSQL as")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A running server. `settings` are lines for postgresql.conf; `cores` are those it may run on."""

    def __init__(self, database="nuages", settings="", hba="", cores=None):
        self.database, self.settings, self.hba, self.cores = database, settings, hba, cores
        self.bin, self.account = programs(), account()
        self.process = None

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="nuages-pg-", dir=servers.fast_folder()))
        try:
            if self.account:
                os.chown(self.folder, self.account.pw_uid, self.account.pw_gid)
            self.port = free_port()
            self.make()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def make(self):
        self.run("initdb", "--pgdata", self.folder / "data", "--username", "postgres", "--auth", "trust",
                 "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync", "--no-instructions")
        self.configure(f"{SETTINGS}\n{self.settings}")
        if self.hba:
            (self.folder / "data" / "pg_hba.conf").write_text(self.hba)
        self.start()
        self.sql(f'CREATE DATABASE "{self.database}"', database="postgres")

    def configure(self, settings):
        with open(self.folder / "data" / "postgresql.conf", "a") as conf:
            conf.write(f"{settings}\nport = {self.port}\nunix_socket_directories = '{self.folder}'\n")

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def as_account(self):
        """preexec_fn: become the server's account; end when the test does."""
        end = servers.end_with_parent(signal.SIGQUIT)
        user = self.account

        def prepare():
            if user:
                os.setgroups([])
                os.setgid(user.pw_gid)
                os.setuid(user.pw_uid)
            end()
        return prepare

    def run(self, program, *arguments):
        done = subprocess.run([self.bin / program, *map(str, arguments)], cwd=self.folder,
                              preexec_fn=self.as_account(), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert done.returncode == 0, f"{program}: {done.stdout}"
        return done.stdout

    def start(self):
        self.log = open(self.folder / "log", "a")
        pinned = ["taskset", "-c", self.cores] if self.cores else []
        self.process = subprocess.Popen([*pinned, self.bin / "postgres", "-D", self.folder / "data"], cwd=self.folder,
                                        preexec_fn=self.as_account(), stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log)
        servers.wait_for(self.answers, "answer of PostgreSQL")

    def answers(self):
        assert self.process.poll() is None, f"PostgreSQL ended:\n{(self.folder / 'log').read_text()}"
        done = subprocess.run([self.bin / "pg_isready", "-q", "-h", self.folder, "-p", str(self.port)])
        return done.returncode == 0

    def stop(self, how=signal.SIGINT):
        """SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one: as after a crash."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(servers.PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.send_signal(signal.SIGQUIT)
                self.process.wait()
        self.process = None
        if getattr(self, "log", None):
            self.log.close()

    def restart(self):
        self.kill()
        self.start()

    def kill(self):
        self.stop(signal.SIGQUIT)

    def address(self, database=None, user="postgres", port=None, query=""):
        return (f"postgres://{user}@127.0.0.1:{port or self.port}/{database or self.database}"
                + (f"?{query}" if query else ""))

    @property
    def url(self):
        return self.address()

    @property
    def socket_url(self):
        return f"postgres://postgres@{str(self.folder).replace('/', '%2F')}:{self.port}/{self.database}"

    def sql(self, text, database=None):
        """What psql prints, unaligned and without headers."""
        done = subprocess.run([self.bin / "psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
                               "-h", str(self.folder), "-p", str(self.port), "-U", "postgres",
                               "-d", database or self.database, "-c", text],
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert done.returncode == 0, f"psql: {done.stdout}\n{text}"
        return done.stdout.strip()


class Standby(Server):
    """A hot standby of a running server."""

    def __init__(self, primary):
        super().__init__(primary.database)
        self.primary = primary

    def make(self):
        self.run("pg_basebackup", "--pgdata", self.folder / "data", "--host", self.primary.folder, "--port",
                 self.primary.port, "--username", "postgres", "--write-recovery-conf", "--checkpoint", "fast", "--no-sync")
        self.configure("")
        self.start()

    def catch_up(self):
        written = self.primary.sql("SELECT pg_current_wal_lsn()")
        servers.wait_for(lambda: self.sql(f"SELECT pg_last_wal_replay_lsn() >= '{written}'") == "t", "catching up")

    def pause(self):
        """It lags behind until resume()."""
        self.sql("SELECT pg_wal_replay_pause()")
        servers.wait_for(lambda: self.sql("SELECT pg_get_wal_replay_pause_state()") == "paused", "pause of the standby")

    def resume(self):
        self.sql("SELECT pg_wal_replay_resume()")

    def promote(self):
        self.sql("SELECT pg_promote()", database="postgres")
