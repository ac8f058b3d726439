"""What Django's own code does."""
from changes import ACCESS, ADD, PREMIUM, SESSION, SLIDING, STAFF, TOKEN, change

ORM = "Django's ORM"
WITH_ANY = (TOKEN, SESSION, ACCESS, SLIDING)


def user(who):
    from django.contrib.auth.models import User

    return User.objects.get(pk=who.id)


def rows(model, **conditions):
    from django.apps import apps

    return apps.get_model(model).objects.filter(**conditions)


@change("token deleted", ORM, TOKEN)
def delete_token(_, who):
    rows("authtoken.Token", user_id=who.id).delete()


@change("session ended", ORM, SESSION)
def flush_session(_, who):
    from django.contrib.sessions.backends.db import SessionStore

    SessionStore(who.session).flush()


@change("session saved as another's", ORM, SESSION)
def session_of_nobody(_, who):
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore(who.session)
    session.load()
    del session["_auth_user_id"]
    session.save()


@change("user deactivated", ORM, *WITH_ANY)
def deactivate(_, who):
    found = user(who)
    found.is_active = False
    found.save()


@change("user deleted, and all of theirs", ORM, *WITH_ANY)
def delete_user(_, who):
    user(who).delete()


@change("password changed", ORM, SESSION, ACCESS, SLIDING)
def new_password(_, who):
    found = user(who)
    found.set_password("another-42")
    found.save()


@change("no longer staff", ORM, STAFF)
def no_staff(_, who):
    rows("auth.User", pk=who.id).update(is_staff=False)


@change("group taken", ORM, PREMIUM)
def take_group(_, who):
    user(who).groups.clear()


@change("permission taken", ORM, ADD)
def take_permission(_, who):
    user(who).user_permissions.clear()


def by_a_group(_, who):
    """The permission comes from a group of their own."""
    from django.contrib.auth.models import Group, Permission

    found = user(who)
    found.user_permissions.clear()
    group = Group.objects.create(name=f"of {who.username}")
    group.permissions.add(Permission.objects.get(codename="add_product"))
    found.groups.add(group)


def own_group(who):
    return rows("auth.Group", name=f"of {who.username}").get()


@change("permission taken from a group", ORM, ADD, prepare=by_a_group)
def take_from_group(_, who):
    own_group(who).permissions.clear()


@change("group deleted", ORM, ADD, prepare=by_a_group)
def delete_group(_, who):
    own_group(who).delete()


@change("JWT blacklisted", ORM, SLIDING)
def blacklist(_, who):
    from rest_framework_simplejwt.tokens import SlidingToken

    SlidingToken(who.sliding).blacklist()


def without_token(_, who):
    delete_token(_, who)


@change("new token", ORM, TOKEN, prepare=without_token, grant=True)
def create_token(_, who):
    rows("authtoken.Token").create(user_id=who.id, key=who.token)


def inactive(_, who):
    rows("auth.User", pk=who.id).update(is_active=False)


@change("user active again", ORM, *WITH_ANY, prepare=inactive, grant=True)
def activate(_, who):
    rows("auth.User", pk=who.id).update(is_active=True)


@change("group given", ORM, PREMIUM, prepare=take_group, grant=True)
def give_group(_, who):
    from django.contrib.auth.models import Group

    user(who).groups.add(Group.objects.get(name="premium"))


@change("permission given", ORM, ADD, prepare=take_permission, grant=True)
def give_permission(_, who):
    from django.contrib.auth.models import Permission

    user(who).user_permissions.add(Permission.objects.get(codename="add_product"))


def by_a_poor_group(_, who):
    by_a_group(_, who)
    take_from_group(_, who)


@change("permission given to a group", ORM, ADD, prepare=by_a_poor_group, grant=True)
def give_to_group(_, who):
    from django.contrib.auth.models import Permission

    own_group(who).permissions.add(Permission.objects.get(codename="add_product"))
