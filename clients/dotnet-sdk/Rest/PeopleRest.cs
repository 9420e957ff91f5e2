using System.Globalization;

using Chat.Sdk.People;

namespace Chat.Sdk.Rest;

/// <summary>Profile, privacy, contacts and blocks over REST. Thread-safe.</summary>
internal sealed class PeopleRest(RestClient rest, SignedInCalls calls)
{
    public Task<OwnProfile> GetProfileAsync(CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, OwnProfile>(HttpMethod.Get, "user", null, null, PeopleJson.Default.OwnProfile, bearer, ct), ct);

    public Task<OwnProfile> UpdateProfileAsync(ProfileBody body, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync(
            HttpMethod.Put, "profile", body, PeopleJson.Default.ProfileBody, PeopleJson.Default.OwnProfile, bearer, ct), ct);

    public Task<PrivacySettings> GetPrivacyAsync(CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, PrivacySettings>(
            HttpMethod.Get, "privacy", null, null, PeopleJson.Default.PrivacySettings, bearer, ct), ct);

    public Task<PrivacySettings> UpdatePrivacyAsync(PrivacySettings change, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync(
            HttpMethod.Put, "privacy", change, PeopleJson.Default.PrivacySettings, PeopleJson.Default.PrivacySettings, bearer, ct), ct);

    public Task<ContactsAnswer> ListContactsAsync(bool favouritesOnly, string? cursor, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, ContactsAnswer>(
            HttpMethod.Get, Paged("contacts", cursor) + (favouritesOnly ? "&favourites=true" : ""), null, null,
            PeopleJson.Default.ContactsAnswer, bearer, ct), ct);

    public Task<Contact> GetContactAsync(long principalId, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, Contact>(
            HttpMethod.Get, One("contacts", principalId), null, null, PeopleJson.Default.Contact, bearer, ct), ct);

    public Task<Contact> PutContactAsync(long principalId, ContactBody body, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync(
            HttpMethod.Put, One("contacts", principalId), body, PeopleJson.Default.ContactBody, PeopleJson.Default.Contact, bearer, ct),
        ct);

    public Task RemoveContactAsync(long principalId, CancellationToken ct) => DoAsync(HttpMethod.Delete, One("contacts", principalId), ct);

    public Task<BlocksAnswer> ListBlocksAsync(string? cursor, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, BlocksAnswer>(
            HttpMethod.Get, Paged("blocks", cursor), null, null, PeopleJson.Default.BlocksAnswer, bearer, ct), ct);

    public Task BlockAsync(long principalId, CancellationToken ct) => DoAsync(HttpMethod.Put, One("blocks", principalId), ct);

    public Task UnblockAsync(long principalId, CancellationToken ct) => DoAsync(HttpMethod.Delete, One("blocks", principalId), ct);

    public Task<DevicesAnswer> ListDevicesAsync(string? cursor, CancellationToken ct) => calls.AskAsync(
        bearer => rest.SendAsync<NameBody, DevicesAnswer>(
            HttpMethod.Get, Paged("devices", cursor), null, null, PeopleJson.Default.DevicesAnswer, bearer, ct), ct);

    public Task SignOutDeviceAsync(long deviceId, CancellationToken ct) => DoAsync(HttpMethod.Delete, One("devices", deviceId), ct);

    public Task ChangePasswordAsync(PasswordBody body, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync(HttpMethod.Put, "auth/password", body, PeopleJson.Default.PasswordBody, bearer, ct), ct);

    private Task DoAsync(HttpMethod method, string path, CancellationToken ct) => calls.DoAsync(
        bearer => rest.SendOnlyAsync<NameBody>(method, path, null, null, bearer, ct), ct);

    private static string Paged(string list, string? cursor) =>
        new QueryPath(list).With("limit", 200).With("after", cursor).ToString();

    private static string One(string list, long id) => string.Create(CultureInfo.InvariantCulture, $"{list}/{id}");
}
