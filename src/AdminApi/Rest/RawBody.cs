using Chat.AdminApi.Problems;
using Chat.Domain;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Chat.AdminApi.Rest;

/// <summary>Marks a route whose body is bytes, not JSON: read as they come, of any length that its use case admits.</summary>
/// <param name="Description">What the bytes are, for the description.</param>
internal sealed record RawBody(string Description)
{
    /// <summary>
    /// Lifts the interface's bound on bodies to the declared length, which the use case judges before a byte is read. Null when none is
    /// declared: what has no end cannot be given room.
    /// </summary>
    public static long? Admit(HttpContext http)
    {
        if (http.Request.ContentLength is not { } bytes) return null;

        IHttpMaxRequestBodySizeFeature? bound = http.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (bound is { IsReadOnly: false }) bound.MaxRequestBodySize = bytes;
        return bytes;
    }

    public static ProblemAnswer LengthMissing() => ProblemAnswer.Of(
        new Failure(ErrorCode.InvalidArgument, "The header Content-Length is missing: say how many bytes the body has."));
}
