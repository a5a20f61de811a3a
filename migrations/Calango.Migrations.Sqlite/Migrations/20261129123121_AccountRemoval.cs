using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Calango.Migrations.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class AccountRemoval : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "RemoveAt",
                table: "accounts",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.UpdateData(
                table: "accounts",
                keyColumn: "Id",
                keyValue: new Guid("01900000-0000-7000-8000-000000000001"),
                column: "RemoveAt",
                value: null);

            migrationBuilder.CreateIndex(
                name: "IX_accounts_RemoveAt",
                table: "accounts",
                column: "RemoveAt",
                filter: "\"RemoveAt\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_accounts_RemoveAt",
                table: "accounts");

            migrationBuilder.DropColumn(
                name: "RemoveAt",
                table: "accounts");
        }
    }
}
