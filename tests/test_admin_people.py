"""People in the admin: admins give accounts, passwords and roles, and stay in themselves."""

import pytest

from accounts.models import Role, User
from manager_panel.navigation import sidebar
from theaters.models import Theater

from .test_admin import address, by_hand, form_of, source_of

__all__ = ["by_hand"]
PASSWORD = {"password1": "another-quiet-evening", "password2": "another-quiet-evening"}


def test_an_admin_makes_a_manager_who_can_sign_in(by_hand, admin, client):
    form = {"username": "mia", "email": "mia@example.com", "role": "manager"} | PASSWORD
    assert by_hand(admin).post(address(User, "add"), form).status_code == 302
    mia = User.objects.get(username="mia")
    assert mia.role == Role.MANAGER
    client.logout()
    sign_in = {"username": "mia", "password": PASSWORD["password1"]}
    answer = client.post("/admin/login/?next=/admin/", sign_in)
    assert (answer.status_code, answer.url) == (302, "/admin/")
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"password2": "something else"}, "didn’t match"),
        ({"password1": "12345", "password2": "12345"}, "too short"),
        ({"username": "alice"}, "already exists"),
        ({"username": "mia@example.com"}, "Letters, digits"),
        ({"email": "ALICE@example.com"}, "already exists"),
        ({"role": "owner"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_with_an_account_is_said(by_hand, admin, alice, typed, said):
    form = {"username": "mia", "role": "manager"} | PASSWORD | typed
    answer = by_hand(admin).post(address(User, "add"), form)
    assert said in str(answer.context["errors"])
    assert not User.objects.filter(username="mia").exists()


def test_an_admin_sets_a_new_password(by_hand, admin, alice):
    page = f"/admin/accounts/user/{alice.pk}/password/"
    browser = by_hand(admin)
    assert browser.get(page).status_code == 200
    assert browser.post(page, PASSWORD).status_code == 302
    alice.refresh_from_db()
    assert alice.check_password(PASSWORD["password1"])


def test_a_change_of_a_name_keeps_the_password(by_hand, admin, alice):
    browser = by_hand(admin)
    page = address(User, "change", alice.pk)
    before = alice.password
    assert browser.post(page, form_of(browser, page) | {"full_name": "A. W."}).status_code == 302
    alice.refresh_from_db()
    assert (alice.full_name, alice.password) == ("A. W.", before)


def test_an_admin_cannot_lock_themselves_out(by_hand, admin):
    browser = by_hand(admin)
    page = address(User, "change", admin.pk)
    form = form_of(browser, page) | {"role": "customer"}
    form.pop("is_active", None)
    assert browser.post(page, form).status_code == 302
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == (Role.ADMIN, True)
    assert browser.post(address(User, "delete", admin.pk), {"post": "yes"}).status_code == 403


def test_staff_change_their_own_password(by_hand, manager):
    browser = by_hand(manager)
    assert browser.get("/admin/password_change/").status_code == 200


def test_only_managers_are_offered_as_managers(by_hand, admin, manager, alice, theater):
    browser = by_hand(admin)
    source = source_of(User) | {"model_name": "theater", "field_name": "managers"}
    source |= {"app_label": "theaters"}
    offered = browser.get("/admin/autocomplete/", source).json()["results"]
    assert [row["text"] for row in offered] == ["manager"]
    page = address(Theater, "change", theater.pk)
    answer = browser.post(page, form_of(browser, page) | {"managers": [alice.pk]})
    assert "Select a valid choice" in str(answer.context["errors"])


def test_who_works_at_a_theater_is_on_its_page(by_hand, manager, admin, theater):
    User.objects.filter(pk=manager.pk).update(full_name="Mia Manager")
    for person in (manager, admin):
        page = by_hand(person).get(address(Theater, "change", theater.pk)).content.decode()
        assert "Mia Manager" in page
        assert "m@example.com" in page


def test_tokens_and_groups_are_not_in_the_admin(by_hand, admin):
    browser = by_hand(admin)
    for page in ("auth/group/", "token_blacklist/outstandingtoken/", "otp_totp/totpdevice/"):
        assert browser.get(f"/admin/{page}").status_code == 404


def test_the_sidebar_shows_what_a_role_may_see(manager, admin, rf):
    def links(user):
        request = rf.get("/admin/")
        request.user = user
        return {item["link"] for group in sidebar(request) for item in group["items"]}

    assert "/admin/showtimes/showtime/" in links(manager)
    assert links(admin) - links(manager) == {
        "/admin/accounts/user/",
        "/admin/payments/webhookevent/",
        "/admin/payments/stray/",
        "/admin/payments/refusedwebhook/",
        "/admin/reviews/review/",
    }


def test_the_sidebar_says_in_which_room_one_is(by_hand, manager, theater):
    page = by_hand(manager).get(f"/admin/theaters/theater/{theater.pk}/prices/")
    items = [item for group in page.context["sidebar_navigation"] for item in group["items"]]
    assert [item["title"] for item in items if item.get("active")] == ["What seats cost"]
