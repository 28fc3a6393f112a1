#!/bin/sh
# A sandbox in one process, the program in another, killed with SIGKILL again and again while the
# community lives its day of a minute; then both are asked what was said, and must agree.
#
#     sh benchmarks/kill_loop.sh [KILLS]
set -eu
kills=${1:-12}
if ! command -v guildwatch > /dev/null; then
    echo "guildwatch is not on PATH: activate its environment first (. .venv/bin/activate)." >&2
    exit 2
fi
folder=$(mktemp -d)
guildwatch sandbox > "$folder/address" 2> "$folder/sandbox.log" &
sandbox=$!
trap 'kill "$sandbox" 2> /dev/null; rm -rf "$folder"' EXIT
until [ "$(grep -c = "$folder/address")" = 2 ]; do
    if ! kill -0 "$sandbox" 2> /dev/null; then
        echo "The sandbox did not come up:" >&2
        cat "$folder/sandbox.log" >&2
        exit 1
    fi
    sleep 0.2
done
export $(cat "$folder/address") GUILDWATCH_DATA_DIR="$folder/data" OLLAMA_HOST=127.0.0.1:9

for number in $(seq "$kills"); do
    guildwatch run --headless 2> /dev/null &
    program=$!
    sleep "$(awk -v seed="$number$$" 'BEGIN { srand(seed); print 2 + 5 * rand() }')"
    kill -KILL "$program"
    wait "$program" 2> /dev/null || true
done
is_up_to_date() {  # a program that has not come up yet knows of no gaps
    guildwatch status --json 2> /dev/null | python3 -c '
import json, sys
told = json.load(sys.stdin)
busy = not told["connected"] or told["gaps"] or told["backlog"] or told["backfill"]["channels_left"]
sys.exit(bool(not told["running"] or busy))'
}
while :; do
    # What is said while the program stops is missing until the next one has read it: the last one
    # begins when nobody says anything any more.
    is_last=$(grep -c 'day is over' "$folder/sandbox.log" || true)
    guildwatch run --headless 2> /dev/null &
    program=$!
    sleep 20
    until is_up_to_date; do
        if ! kill -0 "$program" 2> /dev/null; then
            echo "The program ended by itself; its log:" >&2
            tail -n 5 "$folder/data/logs/guildwatch.log" >&2 || true
            exit 1
        fi
        sleep 1
    done
    kill -TERM "$program"
    wait "$program" || true
    if [ "$is_last" -gt 0 ]; then break; fi
done

python3 - "$folder/data/guildwatch.db" <<'END'
import json, os, sqlite3, sys, urllib.request

def asked(path):
    headers = {"Authorization": f"Bot {token}", "User-Agent": "kill_loop"}
    with urllib.request.urlopen(urllib.request.Request(url + path, headers=headers)) as answer:
        return json.load(answer)

def said(channel, after=0):
    while page := asked(f"/channels/{channel}/messages?limit=100&after={after}"):
        yield from ((int(one["id"]), one["author"]["id"]) for one in page)
        after = max(int(one["id"]) for one in page)

url, token = os.environ["GUILDWATCH_DISCORD__API_URL"], os.environ["GUILDWATCH_DISCORD__TOKEN"]
database = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
me = asked("/users/@me")["id"]
reports = {id_ for (id_,) in database.execute("SELECT id FROM channels WHERE name = 'daily-summary'")}
there = set()
for guild in asked("/users/@me/guilds"):
    threads = asked(f"/guilds/{guild['id']}/threads/active")["threads"]
    for channel in (*asked(f"/guilds/{guild['id']}/channels"), *threads):
        if channel["type"] in (0, 2, 5, 10, 11, 12) and not {int(channel["id"]), int(channel.get("parent_id") or 0)} & reports:
            there |= {id_ for id_, author in said(channel["id"]) if author != me}
kept = {id_ for (id_,) in database.execute("SELECT id FROM messages WHERE text IS NOT NULL")}
print(f"{len(there)} messages in the sandbox, {len(kept)} stored, "
      f"{len(there - kept)} missing, {len(kept - there)} that are not there any more")
sys.exit(there != kept)
END
