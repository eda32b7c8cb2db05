"""Taking bookings that were made without signing in over into one's account."""

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import generics, serializers
from rest_framework.exceptions import NotFound
from rest_framework.response import Response

from retries.once import once
from showtimes.contention import Busy

from .claims import AlreadyClaimed, EmailNotConfirmed, claim_all, claim_with_key

BY_KEY = {"reference": "H7KQ3XMW", "access_key": "wJalrXUtnFEMI7MDENGbPxRfiCYEX"}


@extend_schema_serializer(
    examples=[
        OpenApiExample("All with my e-mail address", {}),
        OpenApiExample("One, by its key", BY_KEY),
    ]
)
class ClaimSerializer(serializers.Serializer):
    """Nothing, or one booking and its key: whoever has the key owns it."""

    reference = serializers.CharField(max_length=8, required=False)
    access_key = serializers.CharField(max_length=43, required=False)

    def validate(self, attrs):
        missing = set(self.fields) - set(attrs)
        if len(missing) == 1:
            raise serializers.ValidationError(
                {missing.pop(): ["Send the reference with its access key."]}, code="required"
            )
        return attrs


@extend_schema_serializer(
    examples=[OpenApiExample("Two", {"claimed": 2, "references": ["H7KQ3XMW", "C4WNQ7PT"]})]
)
class ClaimedSerializer(serializers.Serializer):
    """What is yours by this: each is in `GET /api/bookings/` from now on."""

    claimed = serializers.IntegerField(min_value=0, help_text="How many.")
    references = serializers.ListField(
        child=serializers.CharField(), help_text="Which, the newest first."
    )


class ClaimView(generics.GenericAPIView):
    """Bookings that I made as a guest become mine."""

    serializer_class = ClaimSerializer
    raises = {"post": [NotFound, EmailNotConfirmed, AlreadyClaimed, Busy]}

    @extend_schema(
        summary="Claim what I booked as a guest",
        operation_id="bookings_claim",
        responses=ClaimedSerializer,
    )
    @once
    def post(self, request):
        """
        Without a body: all bookings that a guest made with the e-mail address of my account, in
        whatever case, once that address is confirmed. With `reference` and `access_key`: that one,
        whatever its address. They are in my bookings from then on; their access keys stay good.
        """
        asked = self.get_serializer(data=request.data)
        asked.is_valid(raise_exception=True)
        key = asked.validated_data
        mine = claim_with_key(request.user, **key) if key else claim_all(request.user)
        return Response({"claimed": len(mine), "references": mine})
