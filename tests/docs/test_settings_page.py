"""The page of settings is what the table of settings says."""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import suite


def test_the_page_is_written_from_the_table_as_it_is():
    done = subprocess.run([sys.executable, suite.ROOT / "tools/settings_page.py", "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


if __name__ == "__main__":
    suite.main(globals())
