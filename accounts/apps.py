from django.apps import AppConfig
from django.core.checks import Tags, register

from .checks import staff_show_a_second_factor


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self):
        register(staff_show_a_second_factor, Tags.security, deploy=True)
