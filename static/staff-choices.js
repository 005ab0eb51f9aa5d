// Choices with a search box: the plain list stays where there is no script.

django.jQuery(($) => {
  $("select.searched").each((_at, choice) => {
    $(choice).select2({ theme: "admin-autocomplete", width: "100%" });
  });
});
