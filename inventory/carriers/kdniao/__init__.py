"""Kuaidi Niao, a tracker of Chinese carriers."""
