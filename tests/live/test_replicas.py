"""Several databases on real servers: a replica that lags, dies and comes back; a router between two
databases; mirrors. The program live-replicas holds the checks, for PostgreSQL and for MariaDB."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import mariadb
import postgresql
import programs
import suite


def run(replica, primary_url, replica_url, archive_url):
    programs.run("databases/live-replicas", replica, NUAGES_TEST_DATABASE=primary_url, DATABASE_URL=primary_url,
                 REPLICA_URL=replica_url, ARCHIVE_URL=archive_url)


def test_on_postgresql():
    with postgresql.Server() as primary, postgresql.Standby(primary) as standby:
        primary.sql("CREATE DATABASE archive")
        run(standby, primary.url, standby.url, primary.address("archive"))


def test_on_mariadb():
    with mariadb.MariaDB(*mariadb.PRIMARY) as primary, mariadb.Replica(primary) as replica:
        archive = primary.url("archive")
        run(replica, primary.url("site"), replica.url("site"), archive)


if __name__ == "__main__":
    suite.main(globals())
