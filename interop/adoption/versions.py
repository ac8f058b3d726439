"""Which Djangos make the databases that Doorward adopts, and with what beside them.

Each row: the Django, the oldest and newest Python it runs on, the packages of its time, and its driver for PostgreSQL. The
libraries are pinned to what a project of that Django had, so that the tables are the ones of that time. MariaDB's driver is
the same for all.
"""
from collections import namedtuple

Version = namedtuple("Version", "django python packages postgres")

PSYCOPG_2, PSYCOPG_3 = "psycopg2-binary==2.9.10", "psycopg[binary]==3.2.10"

PYMYSQL = "PyMySQL==1.1.1"

# Django 3.0 wants a psycopg2 older than 2.9, of which there is no build for today's Pythons: it is not asked about PostgreSQL.
VERSIONS = [
    Version("3.0", ("3.6", "3.11"), [
        "Django==3.0.14", "djangorestframework==3.11.2", "djangorestframework-simplejwt==4.3.0", "PyJWT==1.7.1"], None),
    Version("3.1", ("3.6", "3.11"), [
        "Django==3.1.14", "djangorestframework==3.12.4", "djangorestframework-simplejwt==4.6.0", "PyJWT==2.4.0"], PSYCOPG_2),
    Version("3.2", ("3.7", "3.11"), [
        "Django==3.2.25", "djangorestframework==3.13.1", "djangorestframework-simplejwt==4.8.0", "PyJWT==2.4.0"], PSYCOPG_2),
    Version("4.0", ("3.8", "3.11"), [
        "Django==4.0.10", "djangorestframework==3.13.1", "djangorestframework-simplejwt==5.0.0", "PyJWT==2.4.0"], PSYCOPG_2),
    Version("4.1", ("3.8", "3.11"), [
        "Django==4.1.13", "djangorestframework==3.14.0", "djangorestframework-simplejwt==5.2.2", "PyJWT==2.8.0"], PSYCOPG_2),
    Version("4.2", ("3.8", "3.12"), [
        "Django==4.2.30", "djangorestframework==3.15.2", "djangorestframework-simplejwt==5.3.1", "PyJWT==2.8.0"], PSYCOPG_3),
    Version("5.0", ("3.10", "3.12"), [
        "Django==5.0.14", "djangorestframework==3.15.2", "djangorestframework-simplejwt==5.3.1", "PyJWT==2.8.0"], PSYCOPG_3),
    Version("5.1", ("3.10", "3.13"), [
        "Django==5.1.15", "djangorestframework==3.16.1", "djangorestframework-simplejwt==5.4.0", "PyJWT==2.9.0"], PSYCOPG_3),
    Version("5.2", ("3.10", "3.14"), [
        "Django==5.2.19", "djangorestframework==3.18.3", "djangorestframework-simplejwt==5.5.1"], PSYCOPG_3),
    Version("6.0", ("3.12", "3.14"), [
        "Django==6.0.10", "djangorestframework==3.18.3", "djangorestframework-simplejwt==5.5.1"], PSYCOPG_3),
]
