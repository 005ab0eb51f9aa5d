"""What is kept for a thread is not another one's."""

import threading
from concurrent.futures import ThreadPoolExecutor
from zoneinfo import ZoneInfo

from django.db import connection, connections
from django.urls import get_script_prefix, set_script_prefix
from django.utils import timezone, translation

from portal.threads import KEPT


def test_all_of_it_is_kept_by_thread():
    """Also where a version of Django calls it by another name: then nothing would be gained."""
    kept = [getattr(module, name) for module, name in KEPT]
    assert [type(each) for each in (*kept, connections._connections)] == [threading.local] * 5


def _told() -> tuple:
    return translation.get_language(), timezone.get_current_timezone_name(), get_script_prefix()


def test_another_thread_has_language_zone_and_addresses_of_its_own():
    with ThreadPoolExecutor(1) as others:
        before = others.submit(_told).result()
        with translation.override("zh-hans"), timezone.override(ZoneInfo("Asia/Shanghai")):
            set_script_prefix("/elsewhere/")
            try:
                assert _told() == ("zh-hans", "Asia/Shanghai", "/elsewhere/")
                assert others.submit(_told).result() == before
            finally:
                set_script_prefix("/")


def test_another_thread_has_a_connection_of_its_own():
    with ThreadPoolExecutor(1) as others:
        theirs = others.submit(lambda: connections["default"]).result()
        assert theirs is others.submit(lambda: connections["default"]).result()
    assert theirs is not connections["default"]
    assert connection.alias == "default"
