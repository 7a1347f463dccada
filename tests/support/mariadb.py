"""A private MariaDB server: its data in a temporary directory, on a Unix socket and a free loopback
port, stopped however the test ends."""
import contextlib
import os
import pathlib
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import urllib.parse

import servers
import suite

OPTIONS = ["--no-defaults", "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=64M", "--skip-log-bin", "--innodb-log-file-size=16M", "--performance-schema=OFF",
           "--sync-binlog=0", "--max-connections=200", "--skip-name-resolve", "--innodb-lock-wait-timeout=50"]


def program(name):
    """The path of a server program; skips where it is not installed."""
    path = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if not path:
        raise suite.Skip(f"{name} is absent (Debian package mariadb-server)")
    return path


def unprivileged():
    """The user that the server runs as: not root, which it refuses."""
    for name in ("mysql", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    return "nobody"


def plain(name):
    """A name that needs no quotes anywhere."""
    return "db_" + re.sub(r"\W", "_", name)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


PASSWORD = "p@ss/w:rd"


class MariaDB:
    """`with MariaDB() as server`: .url() of a database of it, .sql() runs text as its administrator."""

    def __init__(self, *options, cores=None):
        self.options, self.cores = options, ["taskset", "-c", cores] if cores else []
        self.process, self.dumps = None, {}

    def __enter__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="nuages-mariadb-", dir=servers.fast_folder()))
        try:
            self.folder.chmod(0o755)
            self.data, self.socket, self.port = self.folder / "data", self.folder / "sock", free_port()
            self.data.mkdir()
            self.user = []
            if os.getuid() == 0:
                self.user = [f"--user={unprivileged()}"]
                shutil.chown(self.folder, unprivileged())
                shutil.chown(self.data, unprivileged())
            self.install()
            self.start()
            for host in ("localhost", "127.0.0.1"):
                self.sql(f"GRANT ALL ON *.* TO nuages@'{host}' IDENTIFIED BY '{PASSWORD}'")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, *_):
        try:
            self.stop(signal.SIGTERM)
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def install(self):
        done = subprocess.run([program("mariadb-install-db"), "--no-defaults", *self.user, f"--datadir={self.data}",
                               f"--tmpdir={self.folder}", "--skip-test-db", "--auth-root-authentication-method=normal"],
                              capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(f"mariadb-install-db: {done.stdout[-2000:]}{done.stderr[-2000:]}")

    def start(self):
        """Start it, for the first time or after stop()."""
        log = open(self.folder / "log", "ab")
        with log:
            self.process = subprocess.Popen(
                [*self.cores, program("mariadbd"), *OPTIONS, *self.user, f"--datadir={self.data}", f"--tmpdir={self.folder}",
                 f"--socket={self.socket}",
                 f"--port={self.port}", "--bind-address=127.0.0.1", f"--pid-file={self.folder / 'pid'}", *self.options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, preexec_fn=servers.end_with_parent())
        servers.wait_for(self.answers, "answer of mariadbd", 60)

    def answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"mariadbd ended:\n{(self.folder / 'log').read_text()[-3000:]}")
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as s:
            s.connect(str(self.socket))
            return True

    def stop(self, number=signal.SIGTERM):
        """SIGTERM: in order; SIGKILL: as a crash."""
        if not self.process or self.process.poll() is not None:
            return
        self.process.send_signal(number)
        try:
            self.process.wait(servers.PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def kill(self):
        """As a crash."""
        self.stop(signal.SIGKILL)

    def restart(self):
        self.kill()
        self.start()

    def sql(self, text, database=""):
        """The output of the administrator's client, a row a line, columns by tabs."""
        done = subprocess.run([program("mariadb"), "--no-defaults", "-uroot", f"--socket={self.socket}", "--batch",
                               "--skip-column-names", *([database] if database else [])],
                              input=text, capture_output=True, text=True, timeout=120)
        assert not done.returncode, f"{done.stderr} in {text[:300]}"
        return done.stdout

    def dump(self, database):
        """The text that makes the database's tables and rows."""
        done = subprocess.run([program("mariadb-dump"), "--no-defaults", "-uroot", f"--socket={self.socket}",
                               "--skip-comments", database], capture_output=True, text=True)
        assert not done.returncode, done.stderr
        return done.stdout

    def copying(self, original, name):
        """The text that makes a fresh copy of a database."""
        if original not in self.dumps:
            self.dumps[original] = self.dump(original)
        return (f"DROP DATABASE IF EXISTS `{name}`; CREATE DATABASE `{name}` CHARACTER SET utf8mb4; USE `{name}`;\n"
                f"{self.dumps[original]}")

    def load_zones(self):
        """Time zones by name, as CONVERT_TZ() needs them."""
        text = subprocess.run([program("mariadb-tzinfo-to-sql"), "/usr/share/zoneinfo"], capture_output=True, text=True)
        self.sql(text.stdout, "mysql")

    def url(self, database, tcp=False, **options):
        """DATABASE_URL of a database, which is made when it is not there."""
        self.sql(f"CREATE DATABASE IF NOT EXISTS `{database}` CHARACTER SET utf8mb4")
        place = f"127.0.0.1:{self.port}" if tcp else "localhost"
        if not tcp:
            options["unix_socket"] = str(self.socket)
        query = urllib.parse.urlencode(options, quote_via=urllib.parse.quote)
        return f"mysql://nuages:{urllib.parse.quote(PASSWORD, safe='')}@{place}/{database}" + ("?" + query if query else "")


PRIMARY = ("--log-bin=binlog", "--server-id=1")  # the options of one that has replicas


class Replica(MariaDB):
    """A copy that follows a server which was started with the options PRIMARY, from its beginning."""

    def __init__(self, primary):
        super().__init__("--server-id=2", "--read-only")
        self.primary = primary

    def __enter__(self):
        super().__enter__()
        try:
            self.sql(f"CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT={self.primary.port}, MASTER_USER='nuages', "
                     f"MASTER_PASSWORD='{PASSWORD}', MASTER_USE_GTID=slave_pos; START SLAVE")
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def catch_up(self):
        written = self.primary.sql("SELECT @@gtid_binlog_pos").strip()
        came = self.sql(f"SELECT MASTER_GTID_WAIT('{written}', {servers.PATIENCE})").strip()
        assert came == "0", self.sql("SHOW SLAVE STATUS")

    def pause(self):
        """It lags behind until resume()."""
        self.sql("STOP SLAVE SQL_THREAD")

    def resume(self):
        self.sql("START SLAVE SQL_THREAD")
