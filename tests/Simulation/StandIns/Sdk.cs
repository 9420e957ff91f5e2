namespace Chat.Sdk;

/// <summary>The SDK's façade is left out: the simulated app speaks to <see cref="ClientCore"/> below it, which needs no HTTP.</summary>
public static class ChatClient
{
}
