using System.Globalization;

using Chat.Protocol.Codes;

namespace Chat.Sdk.Rest;

/// <summary>What is rare and goes over REST: groups and finding people (protocol-spec.md §5). Thread-safe.</summary>
internal sealed class ChatRest(RestClient rest, Func<TokenReason, CancellationToken, ValueTask<string>> token)
{
    /// <summary>The person with exactly this e-mail address or phone number, or null.</summary>
    public async Task<Person?> FindPersonAsync(string login, CancellationToken ct)
    {
        try
        {
            PersonAnswer found = await WithTokenAsync(
                bearer => rest.SendAsync<NameBody, PersonAnswer>(
                    HttpMethod.Get, $"people?login={Uri.EscapeDataString(login)}", null, null, RestJson.Default.PersonAnswer, bearer, ct),
                ct).ConfigureAwait(false);
            return new Person(found.PrincipalId, found.Name);
        }
        catch (ChatException nobody) when (nobody.Code == (int)ErrorCode.PrincipalNotFound)
        {
            return null;
        }
    }

    public async Task<long> CreateGroupAsync(string name, IReadOnlyList<long> memberIds, CancellationToken ct)
    {
        var body = new NewGroupBody(name, memberIds);
        ChatAnswer made = await WithTokenAsync(
            bearer => rest.SendAsync(
                HttpMethod.Post, "groups", body, RestJson.Default.NewGroupBody, RestJson.Default.ChatAnswer, bearer, ct),
            ct).ConfigureAwait(false);
        return made.ChatId;
    }

    public Task RenameAsync(long chatId, string name, CancellationToken ct) => DoAsync(
        bearer => rest.SendOnlyAsync(HttpMethod.Put, Group(chatId), new NameBody(name), RestJson.Default.NameBody, bearer, ct), ct);

    public Task AddMembersAsync(long chatId, IReadOnlyList<long> memberIds, CancellationToken ct) => DoAsync(
        bearer => rest.SendOnlyAsync(
            HttpMethod.Post, Group(chatId) + "/members", new MembersBody(memberIds), RestJson.Default.MembersBody, bearer, ct), ct);

    public Task RemoveMemberAsync(long chatId, long principalId, CancellationToken ct) => DoAsync(
        bearer => rest.SendOnlyAsync<NameBody>(HttpMethod.Delete, Member(chatId, principalId), null, null, bearer, ct), ct);

    public Task LeaveAsync(long chatId, CancellationToken ct) => DoAsync(
        bearer => rest.SendOnlyAsync<NameBody>(HttpMethod.Post, Group(chatId) + "/leave", null, null, bearer, ct), ct);

    public Task SetRoleAsync(long chatId, long principalId, MemberRole role, CancellationToken ct)
    {
        var body = new RoleBody(role == MemberRole.Admin ? "admin" : "member");
        return DoAsync(
            bearer => rest.SendOnlyAsync(HttpMethod.Put, Member(chatId, principalId), body, RestJson.Default.RoleBody, bearer, ct), ct);
    }

    /// <summary>As <see cref="WithTokenAsync"/>, of a call that answers nothing.</summary>
    public Task<bool> DoAsync(Func<string, Task> call, CancellationToken ct) => WithTokenAsync(
        async bearer =>
        {
            await call(bearer).ConfigureAwait(false);
            return true;
        },
        ct);

    /// <summary>Calls with a token, and once more with a new one if that is refused.</summary>
    public async Task<T> WithTokenAsync<T>(Func<string, Task<T>> call, CancellationToken ct)
    {
        string bearer = await token(TokenReason.Connect, ct).ConfigureAwait(false);
        try
        {
            return await call(bearer).ConfigureAwait(false);
        }
        catch (ChatException refused) when (refused.Code is (int)ErrorCode.TokenInvalid or (int)ErrorCode.SignInRequired)
        {
            bearer = await token(TokenReason.Rejected, ct).ConfigureAwait(false);
            return await call(bearer).ConfigureAwait(false);
        }
    }

    private static string Group(long chatId) => string.Create(CultureInfo.InvariantCulture, $"groups/{chatId}");

    private static string Member(long chatId, long principalId) =>
        string.Create(CultureInfo.InvariantCulture, $"groups/{chatId}/members/{principalId}");
}
