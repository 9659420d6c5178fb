"""Django with one of its session engines: app.py db|cache|signed_cookies --port PORT.

What is stored, users included, is in the folder that STATE_DIR names.
"""

import argparse
import os
from pathlib import Path

import django
from django.conf import settings
from django.contrib import auth
from django.core.management import call_command
from django.core.servers.basehttp import run
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, HttpResponseForbidden, HttpResponseServerError, JsonResponse
from django.middleware.csrf import get_token
from django.urls import path
from django.views.decorators.http import require_POST

PASSWORDS = {"alice": "wonderland", "bob": "builder"}


def public(request):
    return HttpResponse("public")


def whoami(request):
    return JsonResponse({"user": request.user.username or None})


def login(request):
    if request.method != "POST":
        return HttpResponse(f'<input name="csrfmiddlewaretoken" value="{get_token(request)}">')
    user = auth.authenticate(request, username=request.POST.get("user"), password=request.POST.get("password"))
    if user is None:
        return HttpResponseForbidden()
    auth.login(request, user)
    return JsonResponse({"user": user.username})


@require_POST
def logout(request):
    auth.logout(request)
    return JsonResponse({"user": None})


@require_POST
def change_password(request):
    if not request.user.is_authenticated:
        return HttpResponseForbidden()
    request.user.set_password(request.POST["new_password"])
    request.user.save()
    auth.update_session_auth_hash(request, request.user)
    return JsonResponse({"user": request.user.username})


def read(request):
    return JsonResponse({"value": request.session.get("state." + request.GET["key"])})


@require_POST
def write(request):
    request.session["state." + request.POST["key"]] = request.POST["value"]
    return JsonResponse({"value": request.POST["value"]})


@require_POST
def fail(request):
    write(request)
    return HttpResponseServerError()


urlpatterns = [
    path("", public),
    path("whoami", whoami),
    path("login", login),
    path("logout", logout),
    path("change-password", change_password),
    path("get", read),
    path("set", write),
    path("error", fail),
]


def configure(engine, save_every_request, folder):
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": folder / "django.sqlite3",
                # Nothing here has to survive a crash of the machine.
                "OPTIONS": {"timeout": 20, "init_command": "PRAGMA synchronous = OFF"},
            }
        },
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        # A probe logs in a thousand times; the storage of passwords is not under test.
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],
        LOGGING_CONFIG=None,
        ROOT_URLCONF=__name__,
        SECRET_KEY="only for a probe on loopback, and the same after a restart",
        SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https"),
        SESSION_COOKIE_AGE=int(os.environ.get("SESSION_TTL", 1_209_600)),
        SESSION_ENGINE=f"django.contrib.sessions.backends.{engine}",
        SESSION_SAVE_EVERY_REQUEST=save_every_request,
    )
    django.setup()


def create_users():
    from django.contrib.auth.models import User

    call_command("migrate", verbosity=0)
    for user, password in PASSWORDS.items():
        if not User.objects.filter(username=user).exists():
            User.objects.create_user(user, password=password)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("engine", choices=["db", "cache", "signed_cookies"])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--save-every-request", action="store_true")
    choice = parser.parse_args()
    configure(choice.engine, choice.save_every_request, Path(os.environ["STATE_DIR"]))
    create_users()
    run("127.0.0.1", choice.port, get_wsgi_application(), threading=True)
