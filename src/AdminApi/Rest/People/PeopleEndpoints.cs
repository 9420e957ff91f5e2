using Chat.AdminApi.Problems;
using Chat.Domain.Accounts;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.People;

/// <summary>Finding a person to write to .</summary>
internal static class PeopleEndpoints
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/people", FindAsync)
            .WithTags("People")
            .Describe("findPerson", "Finds the person with exactly this e-mail address or phone number.")
            .FailsWith(ErrorCode.PrincipalNotFound, ErrorCode.RateLimited);

    private static async Task<Results<Ok<PersonResource>, ProblemAnswer>> FindAsync(
        string? login, FindPerson findPerson, CancellationToken ct) =>
        (await findPerson.ExecuteAsync(login, ct)).ToOk(PersonResource.From);
}

/// <summary>A person that was found.</summary>
internal sealed record PersonResource
{
    /// <summary>The person's id.</summary>
    public required long PrincipalId { get; init; }

    /// <summary>The person's name.</summary>
    public required string Name { get; init; }

    public static PersonResource From(PersonFound found) => new() { PrincipalId = found.PrincipalId, Name = found.Name };
}
