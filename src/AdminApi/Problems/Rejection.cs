using Chat.Domain;

namespace Chat.AdminApi.Problems;

/// <summary>
/// What is to be answered: the failure, and the HTTP status where the code's own would say too little
/// (a wrong media type is <c>invalid_argument</c> with 415). Zero: the code's own status.
/// </summary>
internal sealed record Rejection(Failure Failure, int Status = 0)
{
    /// <summary>Whether a token was shown and found wanting; the challenge of the 401 says so.</summary>
    public bool TokenRefused { get; init; }
}
