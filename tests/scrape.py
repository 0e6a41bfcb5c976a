"""What Prometheus reads."""

from prometheus_client.parser import text_string_to_metric_families


class Figures:
    """The figures of one look at ``/metrics``."""

    def __init__(self, text: str) -> None:
        families = list(text_string_to_metric_families(text))
        self.names = {family.name for family in families}
        self.samples = [sample for family in families for sample in family.samples]

    def __call__(self, name: str, **labels: str) -> float:
        """Return the sum of what a figure says under the given labels; 0 where there is none."""
        return sum(
            sample.value for sample in self.samples if sample.name == name and labels.items() <= sample.labels.items()
        )
