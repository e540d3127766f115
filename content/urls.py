"""Addresses of content: those below a market, and those of the whole site in `site_patterns`."""

from django.urls import path

from content import favourites, views

app_name = "content"
urlpatterns = [
    path("", views.home, name="home"),
    path("pages/<slug:code>/", views.page, name="page"),
    path("cookies/", views.cookies, name="cookies"),
    path("account/", views.account, name="account"),
    path("favourites/", favourites.page, name="favourites"),
    path("favourites/marks/", favourites.marks, name="favourite_marks"),
    path("favourites/mark/", favourites.mark, name="favourite_mark"),
    path("favourites/move/", favourites.move, name="favourite_move"),
    path("favourites/shared/<str:token>/", favourites.shared, name="shared_favourites"),
    path("sitemap.xml", views.sitemap_of_market, name="market_sitemap"),
    path("sitemap-<int:block>.xml", views.sitemap_of_products, name="product_sitemap"),
    path("styleguide/", views.styleguide, name="styleguide"),
]

site_patterns = [
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap, name="sitemap"),
]
