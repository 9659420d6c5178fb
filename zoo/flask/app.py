"""Flask with its own sessions in a signed cookie, or with those of Flask-Session on the server.

app.py cookie|server --port PORT; on the server they are files in the folder that STATE_DIR names.
"""

import argparse
import os
from datetime import timedelta

from cachelib.file import FileSystemCache
from flask import Flask, abort, jsonify, request, session
from flask_session import Session
from waitress import serve

PASSWORDS = {"alice": "wonderland", "bob": "builder"}

app = Flask(__name__)
app.config.update(
    PERMANENT_SESSION_LIFETIME=timedelta(seconds=int(os.environ.get("SESSION_TTL", 2_678_400))),
    SECRET_KEY="only for a probe on loopback, and the same after a restart",
)


@app.get("/")
def public():
    return "public"


@app.get("/whoami")
def whoami():
    return jsonify(user=session.get("user"))


@app.post("/login")
def login():
    user = request.form.get("user")
    if user not in PASSWORDS or PASSWORDS[user] != request.form.get("password"):
        abort(403)
    if hasattr(app.session_interface, "regenerate"):
        app.session_interface.regenerate(session)
    session["user"] = user
    return jsonify(user=user)


@app.post("/logout")
def logout():
    session.clear()
    return jsonify(user=None)


@app.get("/get")
def read():
    return jsonify(value=session.get("state." + request.args["key"]))


@app.post("/set")
def write():
    session["state." + request.form["key"]] = request.form["value"]
    return jsonify(value=request.form["value"])


@app.post("/error")
def fail():
    write()
    abort(500)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("sessions", choices=["cookie", "server"])
    parser.add_argument("--port", type=int, required=True)
    choice = parser.parse_args()
    if choice.sessions == "server":
        # No threshold: with one, sessions are dropped at random when there are more.
        cache = FileSystemCache(os.path.join(os.environ["STATE_DIR"], "sessions"), threshold=0)
        app.config.update(SESSION_TYPE="cachelib", SESSION_CACHELIB=cache)
        Session(app)
    serve(app, host="127.0.0.1", port=choice.port, threads=16)
