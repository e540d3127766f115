"""Changes of what the shop says."""

from content.actions.testimonials import TestimonialDraft, change_testimonial, drop_testimonial, pick_testimonial

__all__ = ["TestimonialDraft", "change_testimonial", "drop_testimonial", "pick_testimonial"]
