"""Pages for people. They talk to /api/ like any other client."""

urlpatterns = []
