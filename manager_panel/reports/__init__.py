"""What reports say (`sales`, `distributors`), as what `files`, and the jobs behind (`making`)."""
