namespace Calango.Web.Hosting;

/// <summary>The server must not start like this. The message is one line for the operator.</summary>
public sealed class StartRefusedException(string message) : Exception(message);
