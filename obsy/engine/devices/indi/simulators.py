"""INDI's own simulators, which obsy begins itself."""

SIMULATORS = {
    "Telescope Simulator": "indi_simulator_telescope",
    "CCD Simulator": "indi_simulator_ccd",
    "Focuser Simulator": "indi_simulator_focus",
    "Filter Simulator": "indi_simulator_wheel",
    "Light Panel Simulator": "indi_simulator_lightpanel",
    "Rotator Simulator": "indi_simulator_rotator",
    "Dome Simulator": "indi_simulator_dome",
    "RollOff Simulator": "indi_rolloff_dome",
    "Weather Simulator": "indi_simulator_weather",
}
"""INDI's own simulators, enough for a night: their drivers by the names they answer to."""
