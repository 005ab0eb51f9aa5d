"""`make freeze`, the last step before a release: what the migrations are, and a dump of this release with data.

Neither is ever changed afterwards. Migrations that are listed already have to be as they were.
"""

import gzip
import json
import shutil

from portal.database.local_postgres import LocalPostgres
from portal.version import VERSION
from tests.drills import books
from tests.drills.installed import NAME, Portal, place
from tests.released.migrations import LIST, differing, found, released

HERE = LIST.parent


def main() -> None:
    now, then = found(), released()
    if changed := differing(then, now):
        raise SystemExit(f"Released migrations have changed: {', '.join(changed)}. Nothing was done.")
    folder = place("freeze")
    server = LocalPostgres(folder / "postgres")
    try:
        portal = Portal(server)
        portal.make_database()
        portal.manage("migrate", "-v0")
        portal.manage("seed")
        portal.make_digests()
        dump = folder / "portal.dump"
        portal.program("pg_dump", "--format=custom", f"--file={dump}", portal.owner)
        content = books.read(portal.superuser.replace("/portal?", f"/{NAME}?"))
    finally:
        server.stop()
    (HERE / f"{VERSION}.dump.gz").write_bytes(gzip.compress(dump.read_bytes(), mtime=0))
    shutil.rmtree(folder)
    LIST.write_text(json.dumps(now, indent=2) + "\n")
    print(f"{VERSION}: {len(now)} migrations, {len(now.keys() - then.keys())} of them new; a dump with {content}.")


if __name__ == "__main__":
    main()
