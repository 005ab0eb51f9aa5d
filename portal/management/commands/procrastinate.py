"""Procrastinate's own command, of which a worker that ends by itself says so by its exit code."""

import asyncio
import signal
from typing import Any

from django.core.management import CommandError
from procrastinate import cli
from procrastinate.contrib.django import app, django_connector
from procrastinate.contrib.django.management.commands import procrastinate

from portal.database.schema_age import too_old

ENDED = "The worker ended by itself, as its database did: start it again."


class Command(procrastinate.Command):
    def handle(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("func") is not cli.worker_ or not isinstance(app.connector, django_connector.DjangoConnector):
            super().handle(*args, **kwargs)
            return
        if sentence := too_old():
            raise CommandError(sentence)
        asked = {name: value for name, value in kwargs.items() if name not in self._django_options}
        with app.replace_connector(app.connector.get_worker_connector()) as own:
            was_told = asyncio.run(self.work({**asked, "app": own, "install_signal_handlers": False}))
        if asked.get("wait", True) and not was_told:
            raise CommandError(ENDED)

    async def work(self, asked: dict[str, Any]) -> bool:
        """Whether somebody told it to end. The first signal lets running jobs end, the second one does not wait."""
        worker = asyncio.create_task(cli.execute_command(asked))
        told: list[signal.Signals] = []

        def tell(name: signal.Signals) -> None:
            told.append(name)
            worker.cancel()

        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, tell, name)
        try:
            await worker
        except asyncio.CancelledError:
            if not told:
                raise
        return bool(told)
