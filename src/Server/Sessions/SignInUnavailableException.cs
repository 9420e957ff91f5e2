namespace Chat.Server.Sessions;

/// <summary>A sign-in could not be checked now; the client is told to come back.</summary>
internal sealed class SignInUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
