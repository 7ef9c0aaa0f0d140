"""Spark's SQL as Ibis 12 should write it: what it does not know, and what would come out other than in DuckDB.

Bitwise or does not compile without this; of the others both engines accept the expression and give
different values. ``tests/engine/test_spark.py`` holds each to DuckDB; lift them as Ibis mends them.
"""

from __future__ import annotations

from typing import Any

from ibis.backends.sql.compilers.pyspark import NULL, PySparkCompiler

VERTICAL_TAB, FORM_FEED = 11, 12


class Compiler(PySparkCompiler):  # type: ignore[misc]
    """Ibis's compiler for Spark, with these differences."""

    def visit_BitOr(self, _op: Any, *, arg: Any, where: Any) -> Any:  # noqa: ANN401, N802  Ibis's name and types
        """Return bitwise or over rows, which Spark has and Ibis does not know."""
        return self.agg.bit_or(arg, where=where)

    def visit_Strip(self, _op: Any, *, arg: Any) -> Any:  # noqa: ANN401, N802  Ibis's name and types
        """Return text without white space at its ends; as written by Ibis, Spark takes off the letters v and f too."""
        rare = [self.f.anon.char(code) for code in (VERTICAL_TAB, FORM_FEED)]
        return self.f.trim(arg, self.f.concat(" \t\n\r", *rare))

    def visit_CountStar(self, op: Any, *, arg: Any, where: Any) -> Any:  # noqa: ANN401, N802  Ibis's name and types
        """Return how many rows hold; of none, Ibis's sum would be null instead of 0."""
        return super().visit_CountStar(op, arg=arg, where=None) if where is None else self.f.count_if(where)

    def visit_IsNull(self, _op: Any, *, arg: Any) -> Any:  # noqa: ANN401, N802  Ibis's name and types
        """Return whether there is no value; to Ibis, "not a number" is none on Spark only."""
        return arg.is_(NULL)

    def visit_NotNull(self, _op: Any, *, arg: Any) -> Any:  # noqa: ANN401, N802  Ibis's name and types
        """Return whether there is a value."""
        return arg.is_(NULL).not_()
