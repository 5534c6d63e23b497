"""Health of one container, by the process that runs in it. Usage: python deploy/alive.py web|worker|beat"""

import json
import os
import sys
import urllib.error
import urllib.request

import redis


def web() -> bool:
    """Answers, and reaches database and queue; a dead worker is not its fault."""
    address = f"http://127.0.0.1:{os.environ.get('GRANIAN_PORT', '8000')}/healthz"
    try:
        with urllib.request.urlopen(address, timeout=4) as answer:
            report = json.load(answer)
    except urllib.error.HTTPError as error:
        report = json.load(error)
    return report["database"] == report["valkey"] == "ok"


def heart(name: str) -> bool:
    with redis.Redis.from_url(os.environ["REDIS_URL"], socket_timeout=4) as client:
        return client.exists(f"yizhan:heartbeat:{name}") == 1


if __name__ == "__main__":
    who = sys.argv[1]
    sys.exit(0 if (web() if who == "web" else heart(who)) else f"{who} is not alive")
