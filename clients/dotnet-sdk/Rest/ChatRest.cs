using System.Globalization;

using Chat.Protocol.Codes;

namespace Chat.Sdk.Rest;

/// <summary>What is rare and goes over REST: groups and finding people (protocol-spec.md §5). Thread-safe.</summary>
internal sealed class ChatRest(RestClient rest, SignedInCalls calls)
{
    /// <summary>The person with exactly this e-mail address or phone number, or null.</summary>
    public async Task<Person?> FindPersonAsync(string login, CancellationToken ct)
    {
        try
        {
            PersonAnswer found = await calls.AskAsync(
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
        ChatAnswer made = await calls.AskAsync(
            bearer => rest.SendAsync(
                HttpMethod.Post, "groups", body, RestJson.Default.NewGroupBody, RestJson.Default.ChatAnswer, bearer, ct),
            ct).ConfigureAwait(false);
        return made.ChatId;
    }

    public Task RenameAsync(long chatId, string name, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync(HttpMethod.Put, Group(chatId), new NameBody(name), RestJson.Default.NameBody, bearer, ct), ct);

    public Task AddMembersAsync(long chatId, IReadOnlyList<long> memberIds, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync(
            HttpMethod.Post, Group(chatId) + "/members", new MembersBody(memberIds), RestJson.Default.MembersBody, bearer, ct), ct);

    public Task RemoveMemberAsync(long chatId, long principalId, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync<NameBody>(HttpMethod.Delete, Member(chatId, principalId), null, null, bearer, ct), ct);

    public Task LeaveAsync(long chatId, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync<NameBody>(HttpMethod.Post, Group(chatId) + "/leave", null, null, bearer, ct), ct);

    public Task SetRoleAsync(long chatId, long principalId, MemberRole role, CancellationToken ct)
    {
        var body = new RoleBody(role == MemberRole.Admin ? "admin" : "member");
        return calls.DoAsync(
            bearer => rest.SendOnlyAsync(HttpMethod.Put, Member(chatId, principalId), body, RestJson.Default.RoleBody, bearer, ct), ct);
    }

    public async Task<IReadOnlyList<Reaction>> ReactionsAsync(long chatId, long sequence, CancellationToken ct)
    {
        List<Reaction> all = [];
        string after = "";
        while (true)
        {
            string path = Message(chatId, sequence) + "/reactions" + after;
            ReactionsAnswer page = await calls.AskAsync(
                bearer => rest.SendAsync<NameBody, ReactionsAnswer>(
                    HttpMethod.Get, path, null, null, RestJson.Default.ReactionsAnswer, bearer, ct), ct).ConfigureAwait(false);
            all.AddRange(page.Items);
            if (page.NextCursor is null) return all;
            after = "?after=" + Uri.EscapeDataString(page.NextCursor);
        }
    }

    public Task PinAsync(long chatId, long sequence, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync<NameBody>(HttpMethod.Post, Message(chatId, sequence) + "/pin", null, null, bearer, ct), ct);

    public Task UnpinAsync(long chatId, long sequence, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync<NameBody>(HttpMethod.Delete, Message(chatId, sequence) + "/pin", null, null, bearer, ct), ct);

    public Task StarAsync(long chatId, long sequence, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync<NameBody>(HttpMethod.Post, Message(chatId, sequence) + "/star", null, null, bearer, ct), ct);

    public Task UnstarAsync(long chatId, long sequence, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync<NameBody>(HttpMethod.Delete, Message(chatId, sequence) + "/star", null, null, bearer, ct), ct);

    public Task HideAsync(long chatId, long sequence, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync<NameBody>(HttpMethod.Post, Message(chatId, sequence) + "/hide", null, null, bearer, ct), ct);

    public async Task<StarredPage> StarredAsync(string? cursor, CancellationToken ct)
    {
        string path = new QueryPath("starred").With("cursor", cursor).ToString();
        return await calls.AskAsync(
            bearer => rest.SendAsync<NameBody, StarredPage>(HttpMethod.Get, path, null, null, RestJson.Default.StarredPage, bearer, ct),
            ct).ConfigureAwait(false);
    }

    public async Task<MentionPage> MentionsAsync(string? cursor, CancellationToken ct)
    {
        string path = new QueryPath("mentions").With("cursor", cursor).ToString();
        return await calls.AskAsync(
            bearer => rest.SendAsync<NameBody, MentionPage>(HttpMethod.Get, path, null, null, RestJson.Default.MentionPage, bearer, ct),
            ct).ConfigureAwait(false);
    }

    public async Task<IReadOnlyList<long>> PinnedAsync(long chatId, CancellationToken ct)
    {
        string path = string.Create(CultureInfo.InvariantCulture, $"chats/{chatId}/pins");
        PinnedAnswer page = await calls.AskAsync(
            bearer => rest.SendAsync<NameBody, PinnedAnswer>(HttpMethod.Get, path, null, null, RestJson.Default.PinnedAnswer, bearer, ct),
            ct).ConfigureAwait(false);
        return [.. page.Items.Select(item => item.Sequence)];
    }

    private static string Message(long chatId, long sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"messages/{chatId}-{sequence}");

    private static string Group(long chatId) => string.Create(CultureInfo.InvariantCulture, $"groups/{chatId}");

    private static string Member(long chatId, long principalId) =>
        string.Create(CultureInfo.InvariantCulture, $"groups/{chatId}/members/{principalId}");
}
