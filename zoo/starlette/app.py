"""Starlette, which FastAPI stands on, with its SessionMiddleware: app.py --port PORT."""

import argparse
import os

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route

PASSWORDS = {"alice": "wonderland", "bob": "builder"}


async def public(request):
    return PlainTextResponse("public")


async def whoami(request):
    return JSONResponse({"user": request.session.get("user")})


async def login(request):
    form = await request.form()
    user = form.get("user")
    if user not in PASSWORDS or PASSWORDS[user] != form.get("password"):
        return PlainTextResponse("no such user, or another password", status_code=403)
    request.session["user"] = user
    return JSONResponse({"user": user})


async def logout(request):
    request.session.clear()
    return JSONResponse({"user": None})


async def read(request):
    return JSONResponse({"value": request.session.get("state." + request.query_params["key"])})


async def write(request):
    form = await request.form()
    request.session["state." + form["key"]] = form["value"]
    return JSONResponse({"value": form["value"]})


async def fail(request):
    await write(request)
    return PlainTextResponse("as asked", status_code=500)


app = Starlette(
    routes=[
        Route("/", public),
        Route("/whoami", whoami),
        Route("/login", login, methods=["POST"]),
        Route("/logout", logout, methods=["POST"]),
        Route("/get", read),
        Route("/set", write, methods=["POST"]),
        Route("/error", fail, methods=["POST"]),
    ],
    middleware=[
        Middleware(
            SessionMiddleware,
            secret_key="only for a probe on loopback, and the same after a restart",
            max_age=int(os.environ.get("SESSION_TTL", 1_209_600)),
        )
    ],
)

if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    uvicorn.run(app, host="127.0.0.1", port=parser.parse_args().port, log_level="warning")
