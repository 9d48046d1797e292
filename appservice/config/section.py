"""What all parts of the settings have in common."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """Frozen; an unknown key is a fault, and no fault shows the value that was written."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True
    )
