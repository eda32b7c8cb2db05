"""
The rooms of the panel: pages that are more than the list and the form of a model.

One module for each room. It has

- its page, a `Room`: a template below `templates/manager_panel/` that extends
  `manager_panel/room.html`. `facts()` is what its script begins with;
- its data, `RoomData`: what the script asks and tells afterwards. Speaks and refuses as the API
  does, with the same serializers and the same rules, but by the session of the admin;
- its script, `static/manager_panel/<room>/main.js` with modules beside it: no framework, no inline
  script, nothing from elsewhere (the page's policy forbids it). What scripts share lies beside the
  folders: `dom.js`, `server.js`.

The page of a model in `manager_panel/admin/` opens the door, with `custom_urls` (which wraps each
view in `admin_view`):

    custom_urls = [("<path:object_id>/seat-map/", "seat_map", SeatMapRoom.as_view()), …]

Both ask that page which rows somebody may see and change, so a row of another theater's is a 404.
"""
