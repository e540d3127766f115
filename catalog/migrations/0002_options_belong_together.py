"""A variant's option value belongs to the option's type, and the option to the variant's product.

Composite foreign keys, which Django's models cannot declare yet.
"""

from django.db import migrations

FORWARD = """
ALTER TABLE catalog_variantoption
  ADD CONSTRAINT catalog_variantoption_of_its_product
    FOREIGN KEY (variant_id, product_id) REFERENCES catalog_variant (id, product_id)
    DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT catalog_variantoption_option_of_its_product
    FOREIGN KEY (product_option_id, product_id, option_type_id)
    REFERENCES catalog_productoption (id, product_id, option_type_id)
    DEFERRABLE INITIALLY DEFERRED,
  ADD CONSTRAINT catalog_variantoption_value_of_its_type
    FOREIGN KEY (option_value_id, option_type_id) REFERENCES catalog_optionvalue (id, option_type_id)
    DEFERRABLE INITIALLY DEFERRED;
"""

BACK = """
ALTER TABLE catalog_variantoption
  DROP CONSTRAINT catalog_variantoption_of_its_product,
  DROP CONSTRAINT catalog_variantoption_option_of_its_product,
  DROP CONSTRAINT catalog_variantoption_value_of_its_type;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
