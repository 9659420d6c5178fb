"""The application of the tutorial that this project grew out of, on Django: app.py --port PORT.

Its views set a cookie in memory or on disk, read it back, log in, count visits, log out. The clock
stands still; POST /clock advances it by `seconds`. STATE_DIR names the folder of its database.
"""

import argparse
import os
from pathlib import Path

import django
import time_machine
from django.conf import settings
from django.contrib import auth
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, HttpResponseForbidden, JsonResponse
from django.urls import path
from django.views.decorators.http import require_POST
from waitress import serve

now = time_machine.travel(1_700_000_000, tick=False).start()


def colour(request):
    if request.method != "POST":
        return JsonResponse({"colour": request.COOKIES.get("colour")})
    max_age = request.POST.get("max_age")
    response = HttpResponse(status=204)
    response.set_cookie("colour", request.POST["colour"], max_age=int(max_age) if max_age else None)
    return response


@require_POST
def login(request):
    user = auth.authenticate(request, username=request.POST.get("user"), password=request.POST.get("password"))
    if user is None:
        return HttpResponseForbidden()
    auth.login(request, user)
    return HttpResponse(status=204)


@require_POST
def logout(request):
    auth.logout(request)
    return HttpResponse(status=204)


def whoami(request):
    return JsonResponse({"user": request.user.username or None})


@require_POST
def visits(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    return JsonResponse({"visits": request.session["visits"]})


@require_POST
def clock(request):
    now.shift(int(request.POST["seconds"]))
    return HttpResponse(status=204)


urlpatterns = [path(view.__name__, view) for view in (colour, login, logout, whoami, visits, clock)]


def configure(folder):
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "tutorial.sqlite3"}},
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        ROOT_URLCONF=__name__,
        SECRET_KEY="only for a test on loopback",
        # In the tutorial the session ends when the browser closes; Django's default is two weeks.
        SESSION_EXPIRE_AT_BROWSER_CLOSE=True,
    )
    django.setup()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    port = parser.parse_args().port
    configure(Path(os.environ["STATE_DIR"]))
    call_command("migrate", verbosity=0)
    from django.contrib.auth.models import User

    User.objects.create_user("alice", password="wonderland")
    serve(get_wsgi_application(), host="127.0.0.1", port=port)


if __name__ == "__main__":
    main()
