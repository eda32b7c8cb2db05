from django.apps import AppConfig


class ManagerPanelConfig(AppConfig):
    name = "manager_panel"
    verbose_name = "Manager panel"
