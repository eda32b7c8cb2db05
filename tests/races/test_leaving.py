"""Of two admins who leave at once, one stays."""

from rest_framework.test import APIClient

from accounts.models import Role, User
from tests.conftest import PASSWORD


def test_one_of_four_admins_stays(at_once, db):
    clients = []
    for n in range(4):
        User.objects.create_user(f"admin{n}", password=PASSWORD, role=Role.ADMIN)
        login = {"username": f"admin{n}", "password": PASSWORD}
        access = APIClient().post("/api/auth/login/", login).json()["access"]
        clients.append(APIClient(headers={"Authorization": f"Bearer {access}"}))

    def leave(client):
        return client.delete("/api/auth/me/", {"password": PASSWORD}).status_code

    codes = at_once([lambda client=client: leave(client) for client in clients])
    assert sorted(codes) == [204, 204, 204, 409]
    assert User.objects.filter(role=Role.ADMIN, is_active=True).count() == 1
