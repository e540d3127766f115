"""The catalogue of the AWS Retail Demo Store, a list in YAML."""
