using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.Domain.Accounts;
using Chat.Domain.People;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.People;

/// <summary>Finding a person to write to, contacts, blocks and privacy .</summary>
internal static class PeopleEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder group = api.MapGroup("").WithTags("People");
        group.MapGet("/people", FindAsync)
            .Describe("findPerson", "Finds the person with exactly this e-mail address or phone number, or whom the caller's own issuer calls so.")
            .FailsWith(ErrorCode.PrincipalNotFound, ErrorCode.RateLimited);
        group.MapGet("/privacy", GetPrivacyAsync).Describe("getPrivacy", "Reads what one shows to whom.");
        group.MapPut("/privacy", PutPrivacyAsync)
            .Describe("updatePrivacy", "Changes who sees what of one; what is left out of the body stays.");
        MapContacts(group);
        MapBlocks(group);
    }

    private static void MapContacts(RouteGroupBuilder group)
    {
        group.MapGet("/contacts", ListContactsAsync).Describe("listContacts", "Lists one's contacts in the order of their ids.");
        group.MapGet("/contacts/{principalId}", GetContactAsync)
            .Describe("getContact", "Reads one contact.")
            .FailsWith(ErrorCode.ContactNotFound);
        group.MapPut("/contacts/{principalId}", PutContactAsync)
            .Describe("putContact", "Keeps a person as a contact, or changes how they are kept. They are not told.")
            .FailsWith(ErrorCode.PrincipalNotFound, ErrorCode.RateLimited);
        group.MapDelete("/contacts/{principalId}", RemoveContactAsync)
            .Describe("removeContact", "Ends that a person is one's contact.")
            .FailsWith(ErrorCode.ContactNotFound);
    }

    private static void MapBlocks(RouteGroupBuilder group)
    {
        group.MapGet("/blocks", ListBlocksAsync).Describe("listBlocks", "Lists whom one has blocked, in the order of their ids.");
        group.MapPut("/blocks/{principalId}", BlockAsync)
            .Describe("blockPerson", "Blocks a person: nothing passes in the direct chat of the two. They are not told.")
            .FailsWith(ErrorCode.PrincipalNotFound);
        group.MapDelete("/blocks/{principalId}", UnblockAsync)
            .Describe("unblockPerson", "Takes a block back.")
            .FailsWith(ErrorCode.PrincipalNotFound);
    }

    private static async Task<Results<Ok<PersonResource>, ProblemAnswer>> FindAsync(
        HttpContext http, string? login, FindPerson findPerson, CancellationToken ct) =>
        (await findPerson.ExecuteAsync(http.Caller(), login, ct)).ToOk(PersonResource.From);

    private static async Task<Results<Ok<PrivacyResource>, ProblemAnswer>> GetPrivacyAsync(
        HttpContext http, GetPrivacy getPrivacy, CancellationToken ct) =>
        (await getPrivacy.ExecuteAsync(http.Caller(), ct)).ToOk(PrivacyResource.From);

    private static async Task<Results<Ok<PrivacyResource>, ProblemAnswer>> PutPrivacyAsync(
        PrivacyBody body, HttpContext http, UpdatePrivacy update, CancellationToken ct) =>
        (await update.ExecuteAsync(http.Caller(), body.LastSeen, body.ProfilePhoto, body.About, body.ReadReceipts, body.Calls, ct))
        .ToOk(PrivacyResource.From);

    private static async Task<Results<Ok<Page<ContactResource>>, ProblemAnswer>> ListContactsAsync(
        HttpContext http, WholeNumber? after, int? limit, bool? favourites, ListContacts list, CancellationToken ct) =>
        (await list.ExecuteAsync(http.Caller(), after?.Value, limit, favourites == true, ct)).ToOk(ContactResource.From);

    private static async Task<Results<Ok<ContactResource>, ProblemAnswer>> GetContactAsync(
        HttpContext http, WholeNumber principalId, GetContact getContact, CancellationToken ct) =>
        (await getContact.ExecuteAsync(http.Caller(), principalId.Value, ct)).ToOk(ContactResource.From);

    private static async Task<Results<Ok<ContactResource>, ProblemAnswer>> PutContactAsync(
        HttpContext http, WholeNumber principalId, ContactBody body, PutContact put, CancellationToken ct) =>
        (await put.ExecuteAsync(http.Caller(), principalId.Value, body.Name, body.Favourite, ct)).ToOk(ContactResource.From);

    private static async Task<Results<NoContent, ProblemAnswer>> RemoveContactAsync(
        HttpContext http, WholeNumber principalId, RemoveContact remove, CancellationToken ct) =>
        (await remove.ExecuteAsync(http.Caller(), principalId.Value, ct)).ToNoContent();

    private static async Task<Results<Ok<Page<BlockResource>>, ProblemAnswer>> ListBlocksAsync(
        HttpContext http, WholeNumber? after, int? limit, ListBlocks list, CancellationToken ct) =>
        (await list.ExecuteAsync(http.Caller(), after?.Value, limit, ct)).ToOk(BlockResource.From);

    private static async Task<Results<NoContent, ProblemAnswer>> BlockAsync(
        HttpContext http, WholeNumber principalId, BlockPerson block, CancellationToken ct) =>
        (await block.ExecuteAsync(http.Caller(), principalId.Value, ct)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> UnblockAsync(
        HttpContext http, WholeNumber principalId, UnblockPerson unblock, CancellationToken ct) =>
        (await unblock.ExecuteAsync(http.Caller(), principalId.Value, ct)).ToNoContent();
}
