"""Where tables live and relational work runs.

``store`` keeps published tables as Parquet under a manifest, ``local`` runs Ibis expressions in
DuckDB and ``spark`` the same expressions in Spark. Only this room imports either of them.
"""
